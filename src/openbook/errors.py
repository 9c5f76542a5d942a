"""Every error a user can meet, each with its mend.

One tree: `OpenbookError` carries what happened, with the value, and `fix`: the command or
setting that mends it. Two branches say whose mistake it was, which decides the exit status
of the command line (2 for the user, 1 for us) and the HTTP status.

    OpenbookError
    ├── UserError            the request cannot be done as given
    │   ├── SettingsError    a setting is unknown or has a wrong value
    │   ├── NotFound         no such document, source, receipt ...
    │   ├── ReadError        one file or page cannot be read; the batch goes on
    │   ├── NotAllowed       the caller may not do this
    │   └── FolderInUse      another process holds the desk's folder
    └── SystemFault          ours, or the machine's
        ├── StoreDamaged     the database or the folder cannot be trusted
        ├── IndexDamaged     the index is unusable; it can be rebuilt
        ├── DiskFull         too little room to publish; nothing is lost
        ├── EncoderMissing   no weights were found
        └── Busy             every turn's place is taken

This module knows no other module.
"""


class OpenbookError(Exception):
    """The root of every error that Openbook raises on purpose.

    Args:
        message: What happened, with the value that caused it.
        fix: The command, setting or action that mends it.
    """

    code = "error"
    status = 500
    exit_code = 1

    def __init__(self, message: str, *, fix: str) -> None:
        super().__init__(message)
        self.message = message
        self.fix = fix

    def __str__(self) -> str:
        return f"{self.message}\nFix: {self.fix}"

    def __reduce__(self) -> tuple[object, ...]:
        return (_rebuild, (type(self), self.message, self.fix))


def _rebuild(kind: type[OpenbookError], message: str, fix: str) -> OpenbookError:
    return kind(message, fix=fix)


class UserError(OpenbookError):
    """The request cannot be done as given; nothing was changed."""

    code = "bad_request"
    status = 400
    exit_code = 2


class SettingsError(UserError):
    """A setting is unknown or its value does not fit."""

    code = "bad_setting"


class NotFound(UserError):
    """Nothing is stored under that name."""

    code = "not_found"
    status = 404


class ReadError(UserError):
    """One file or page cannot be read; the rest of its batch goes on."""

    code = "unreadable"
    status = 422


class NotAllowed(UserError):
    """The caller may not do this."""

    code = "not_allowed"
    status = 403


class FolderInUse(UserError):
    """Another process holds the desk's folder and this call cannot be forwarded to it."""

    code = "folder_in_use"
    status = 409


class SystemFault(OpenbookError):
    """Our failure or the machine's; the request itself was fine."""

    code = "fault"


class StoreDamaged(SystemFault):
    """The database or the folder cannot be trusted."""

    code = "store_damaged"


class IndexDamaged(SystemFault):
    """The index cannot be used; it is derived and can be rebuilt."""

    code = "index_damaged"


class DiskFull(SystemFault):
    """There is too little room to publish; everything that was acknowledged is kept."""

    code = "disk_full"
    status = 507


class EncoderMissing(SystemFault):
    """No encoder weights were found where they are looked for."""

    code = "encoder_missing"


class Busy(SystemFault):
    """Every place for a turn is taken right now."""

    code = "busy"
    status = 503


ERRORS: dict[str, type[OpenbookError]] = {
    kind.__name__: kind
    for kind in (
        OpenbookError,
        UserError,
        SettingsError,
        NotFound,
        ReadError,
        NotAllowed,
        FolderInUse,
        SystemFault,
        StoreDamaged,
        IndexDamaged,
        DiskFull,
        EncoderMissing,
        Busy,
    )
}
