"""What the ORM lacks: bulk inserts, compiled queries, triggers, purging, and checks of the rules for growing."""
