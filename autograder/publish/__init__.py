"""Where grades live: what was graded here, carried to where instructors keep it."""
