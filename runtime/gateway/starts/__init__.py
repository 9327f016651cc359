"""What begins by itself: schedules, calls of other programs, events, reminders."""
