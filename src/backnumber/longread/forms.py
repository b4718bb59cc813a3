from django import forms

from backnumber.mail.addresses import cleaned


class SignUpForm(forms.Form):
    """One field."""

    email = forms.EmailField(
        label="Your e-mail address", widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )

    def clean_email(self) -> str:
        return cleaned(self.cleaned_data["email"])


class MoveForm(SignUpForm):
    """The address to which mails are to go."""

    email = forms.EmailField(
        label="The new address", widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )
