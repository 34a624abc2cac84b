from .calendars import Calendar, CalendarVersion
from .clocks import Clock
from .policies import PolicyVersion, SupportPolicy

__all__ = ["Calendar", "CalendarVersion", "Clock", "PolicyVersion", "SupportPolicy"]
