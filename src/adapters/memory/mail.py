from application.shared.mail import Mail, Mailer, MailNotSentError


class MemoryMailer(Mailer):
    """Keeps what is sent. While `is_down`, nothing is taken; `attempts` counts what was tried."""

    def __init__(self) -> None:
        self.sent: list[Mail] = []
        self.attempts = 0
        self.is_down = False

    async def send(self, mail: Mail) -> None:
        self.attempts += 1
        if self.is_down:
            raise MailNotSentError(f"mail {mail.id} ({mail.kind}): the mail server is down")
        self.sent.append(mail)

    def to(self, address: str) -> list[Mail]:
        """What was sent to an address, oldest first."""
        return [mail for mail in self.sent if mail.to == address]
