"""The rehearsal platform: simulated phones behind the same read/draw path as a real one."""

from platforms.simulator.capabilities import CAN, LIMITS, SKINS
from platforms.simulator.drawing import draw
from platforms.simulator.faults import Faults
from platforms.simulator.phones import Phones, Seen
from platforms.simulator.platform import SimulatorPlatform
from platforms.simulator.reading import read

__all__ = ["CAN", "LIMITS", "SKINS", "Faults", "Phones", "Seen", "SimulatorPlatform", "draw", "read"]
