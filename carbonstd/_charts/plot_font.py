"""The font of plots: one that is installed and has Chinese signs; else plots are in English, and that is said once."""

from __future__ import annotations

import warnings
from contextlib import suppress
from functools import cache

from carbonstd._findings import Language, finding

FONTS = (  # by system: Linux, Windows, macOS; the Japanese face of Noto holds the Chinese signs too
    *("Noto Sans CJK SC", "Source Han Sans SC", "Source Han Sans CN", "Noto Sans SC", "WenQuanYi Micro Hei"),
    *("WenQuanYi Zen Hei", "Microsoft YaHei", "SimHei", "SimSun", "DengXian", "PingFang SC", "Hiragino Sans GB"),
    *("Heiti SC", "STHeiti", "Songti SC", "Arial Unicode MS", "Noto Sans CJK JP", "Droid Sans Fallback"),
)
_LATIN = "DejaVu Sans"  # comes with matplotlib


@cache
def chinese_font() -> str:
    """The first of `FONTS` that matplotlib finds; empty where none is installed."""
    from matplotlib.font_manager import findSystemFonts, fontManager

    known = {item.fname for item in fontManager.ttflist}
    if not _held():  # matplotlib keeps its list: a font installed since is not in it
        for path in findSystemFonts():
            if path not in known:
                with suppress(OSError, RuntimeError):  # a file it cannot read is no font for it
                    fontManager.addfont(path)
    return _held()


def _held() -> str:
    from matplotlib.font_manager import fontManager

    held = {item.name for item in fontManager.ttflist}
    return next((name for name in FONTS if name in held), "")


def families() -> list[str]:
    """Fonts in the order they are asked for a sign."""
    return [*filter(None, (chinese_font(),)), _LATIN]


def spoken(language: Language) -> Language:
    """The language a plot can be in."""
    if language == "zh" and not chinese_font():
        _tell()
        return "en"
    return language


@cache
def _tell() -> None:
    warnings.warn(finding("plot-no-chinese-font").message("en"), stacklevel=2)
