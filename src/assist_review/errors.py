"""
AssistReviewError
├─ SettingsError · RegulationError     ours to fix: names file, line, key
├─ ReadError                           UnsupportedFormat · DamagedFile · EncryptedFile · LimitExceeded
├─ EvidenceError                       a quote outside its document, a report that does not re-prove
├─ LLMError                            LLMUnavailable (retryable) · LLMRefused · LLMAnswerInvalid · LLMBudgetSpent
├─ OutOfTime                           a run that stopped in good order and goes on in the next
└─ StoreError · DecisionError · ExportError

A message names the thing, where it is, and what to do about it.
"""


class AssistReviewError(Exception):
    """Anything this program can explain to a person."""


class SettingsError(AssistReviewError):
    """A setting or a command-line value cannot be used."""


class RegulationError(AssistReviewError):
    """A regulation pack is wrong; the message names file, line and key."""


class ReadError(AssistReviewError):
    """A file cannot be read; the message says why, `remedy` what the applicant can do.

    `kind` is the short stable word kept in the review (`encrypted`, `damaged`, ...).
    """

    kind = "unreadable"

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(message)
        self.remedy = remedy


class UnsupportedFormat(ReadError):
    """No reader for this kind of file."""

    kind = "unsupported"


class DamagedFile(ReadError):
    """The file is broken, truncated, or not what its name says."""

    kind = "damaged"


class EncryptedFile(ReadError):
    """The file wants a password."""

    kind = "encrypted"


class LimitExceeded(ReadError):
    """The file would take more memory, time or space than allowed (a bomb, or simply too large)."""

    kind = "limit"


class EvidenceError(AssistReviewError):
    """A quote, citation or number of a review cannot be proved again."""


class LLMError(AssistReviewError):
    """A model gave no usable answer."""


class LLMUnavailable(LLMError):
    """The endpoint did not answer; trying again may help, after `retry_after_s` where it said so.

    `lasting` marks what another try in this run will not change: a wrong key, an unknown model, an empty account.
    """

    def __init__(self, message: str, *, retry_after_s: float | None = None, lasting: bool = False) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s
        self.lasting = lasting


class LLMRefused(LLMError):
    """The model declined to answer."""


class LLMAnswerInvalid(LLMError):
    """The answer does not follow the schema asked for."""


class LLMBudgetSpent(LLMError):
    """The cap on tokens or money would be passed; nothing was sent."""


class OutOfTime(AssistReviewError):
    """The time one run may take is over. What was answered is kept, so the same run begun again goes on from there."""


class StoreError(AssistReviewError):
    """The clause index or the cache cannot be read or written."""


class DecisionError(AssistReviewError):
    """A decision does not fit the review it is applied to."""


class ExportError(AssistReviewError):
    """A report cannot be written."""
