"""What Amity's code says to people, and what each language makes of it.

`python -m locales update` brings the catalogues up to the code; `python -m locales check` names what is
missing or wrong in them. glossary.md has the words that translations share.
"""
