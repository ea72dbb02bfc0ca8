"""What the ORM does not give: bulk inserts, compiled queries, triggers, removal, checks of the rules for growing."""
