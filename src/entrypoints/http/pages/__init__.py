"""The pages that links in mails lead to: plain forms, without scripts and cookies."""
