from django import forms


class SignUpForm(forms.Form):
    """One field; the trap is a field no person sees and programs fill in."""

    email = forms.EmailField(
        label="Your e-mail address", widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )
