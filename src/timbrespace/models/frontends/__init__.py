"""Waveform to frames."""

from timbrespace.models.frontends.band_energy import BandEnergy
from timbrespace.models.frontends.cqt import CQT
from timbrespace.models.frontends.log_mel import LogMel
from timbrespace.models.frontends.pcen import PCEN
from timbrespace.models.frontends.sincnet import NormedSincNet, SincNet

__all__ = ["CQT", "PCEN", "BandEnergy", "LogMel", "NormedSincNet", "SincNet"]
