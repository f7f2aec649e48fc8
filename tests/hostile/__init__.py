"""Everything a submission might try, on every tier, as root and as an ordinary user."""
