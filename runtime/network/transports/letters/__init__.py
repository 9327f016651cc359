"""Letters of an account: those that came are looked for by IMAP, answers leave by SMTP."""
