"""China's carbon-peak and carbon-neutrality standards as data that runs."""

__version__ = "0.1.0"
