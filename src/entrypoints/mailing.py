"""Wiring of mail, and of what is done by mail: invitations and new passwords."""

from dishka import Provider, WithParents, provide, provide_all
from dishka import Scope as Lifetime

from adapters.mail.files import FileMailer
from adapters.mail.letterhead import Letterhead
from adapters.mail.letters import TemplateLetters
from adapters.mail.smtp import SmtpMailer
from adapters.mail.task_letters import TemplateTaskLetters
from adapters.ratelimit.login_throttle import LimitsResetThrottle, RateLimiter
from application.identity.request_password_reset import RequestPasswordReset
from application.identity.reset_password import ResetPassword
from application.identity.reset_ports import ResetThrottle
from application.identity.send_password_reset import SendPasswordReset
from application.shared.mail import Mailer, SendMail
from application.shared.ports import Clock, NewId, NewSecret
from application.tasks.notices import TaskLetters
from application.tasks.notify_assignee import NotifyAssignee, NotifyingPorts, NotifyOfImport
from application.tenancy.accept_as_new_user import AcceptAsNewUser
from application.tenancy.accept_by_password import AcceptByPassword
from application.tenancy.accept_invitation import AcceptInvitation
from application.tenancy.admission import Admission
from application.tenancy.decline_invitation import DeclineInvitation
from application.tenancy.invitation_mail import InvitationMail
from application.tenancy.invite_member import InviteMember
from application.tenancy.managed_invitations import ManagedInvitations
from application.tenancy.read_invitations import ListInvitations, ShowInvitation
from application.tenancy.resend_invitation import ResendInvitation
from application.tenancy.revoke_invitation import RevokeInvitation
from domain.tenancy.scope import Scope
from entrypoints.addresses import mail_folder_of, public_url_of, sender_of, site_host_of
from entrypoints.identifiers import new_secret
from entrypoints.settings import Settings


class Mailing(Provider):
    scope = Lifetime.REQUEST
    resets = provide_all(RequestPasswordReset, SendPasswordReset, ResetPassword)
    invitations = provide_all(
        Admission,
        ManagedInvitations,
        InvitationMail,
        InviteMember,
        ResendInvitation,
        RevokeInvitation,
        AcceptInvitation,
        AcceptAsNewUser,
        AcceptByPassword,
        DeclineInvitation,
        ListInvitations,
        ShowInvitation,
    )
    send_mail = provide(SendMail)
    notices = provide_all(NotifyingPorts, NotifyAssignee, NotifyOfImport)

    @provide(scope=Lifetime.APP)
    def mailer(self, settings: Settings, clock: Clock) -> Mailer:
        """By the scheme of the address; files where there is none."""
        if settings.mail_url:
            return SmtpMailer(settings.mail_url, sender_of(settings), clock)
        return FileMailer(mail_folder_of(settings), sender_of(settings), clock)

    @provide(scope=Lifetime.APP)
    def letters(self, settings: Settings, new_id: NewId) -> WithParents[TemplateLetters]:
        return TemplateLetters(public_url_of(settings), new_id)

    @provide
    def task_letters(self, settings: Settings, new_id: NewId, scope: Scope) -> TaskLetters:
        """Links lead to the host that every site has."""
        return TemplateTaskLetters(Letterhead(public_url_of(settings), new_id), site_host_of(settings, scope))

    @provide(scope=Lifetime.APP)
    def new_secret(self) -> NewSecret:
        return new_secret

    @provide
    def reset_throttle(self, limiter: RateLimiter, scope: Scope) -> ResetThrottle:
        return LimitsResetThrottle(limiter, scope)
