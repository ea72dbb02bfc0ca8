"""The page on which a person checks that their record is whole, and the proof that it reads."""
