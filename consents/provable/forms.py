"""What the address of the page, and of the proof, may ask for."""

from django import forms

LARGEST = 2**53


class PageForm(forms.Form):
    page = forms.IntegerField(required=False, min_value=1, max_value=LARGEST)

    def number(self) -> int:
        """Return the number of the page: 1 if none is asked for, 0 for something that is none."""
        return (self.cleaned_data["page"] or 1) if self.is_valid() else 0


class ProofForm(forms.Form):
    """``size``: of the checkpoint; ``after``: number of the row before the first; ``seen``: size seen before."""

    size = forms.IntegerField(required=False, min_value=1, max_value=LARGEST)
    after = forms.IntegerField(required=False, min_value=0, max_value=LARGEST)
    seen = forms.IntegerField(required=False, min_value=0, max_value=LARGEST)
