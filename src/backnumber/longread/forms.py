from django import forms

from backnumber.mail.addresses import cleaned


class SignUpForm(forms.Form):
    """One field; the trap is a field no person sees and programs fill in."""

    email = forms.EmailField(
        label="Your e-mail address", widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )

    def clean_email(self) -> str:
        return cleaned(self.cleaned_data["email"])
