"""Plain functions on figures: no method, no ledger, arrays in and a small result out. Errors are those of carbonstd."""

from carbonstd.analysis.balance import balance_value
from carbonstd.analysis.decoupling import Decoupling, tapio
from carbonstd.analysis.lmdi import Decomposition, kaya, lmdi, log_mean, sectoral
from carbonstd.analysis.pathway import Gap, Growth, Pathway, pathway, remaining_gap
from carbonstd.analysis.peak import Peak, judge_peak
from carbonstd.analysis.trend import Slope, Trend, mann_kendall, sen_slope

__all__ = [
    "Decomposition",
    "Decoupling",
    "Gap",
    "Growth",
    "Pathway",
    "Peak",
    "Slope",
    "Trend",
    "balance_value",
    "judge_peak",
    "kaya",
    "lmdi",
    "log_mean",
    "mann_kendall",
    "pathway",
    "remaining_gap",
    "sectoral",
    "sen_slope",
    "tapio",
]
