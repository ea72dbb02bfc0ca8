"""How complete the reports are: what reporters say they sent beside what arrived."""
