"""A question -> an answer of any endpoint that speaks OpenAI's protocol, through langchain-openai.

After a fault that may pass (busy, slow, broken) the question is tried again until its deadline, and
then given up. A fault that will not pass (key, name, address) stops the work. The transport bounds
how long and how far one reply is read.
"""

from __future__ import annotations

import logging
import re
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from email.utils import parsedate_to_datetime
from functools import cached_property
from typing import Any

import httpx
import openai
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, SystemMessage
from langchain_openai import ChatOpenAI
from langsmith import tracing_context
from pydantic import SecretStr

from ...chat import Answer, Question, Turn
from ...errors import LanguageModelError, NoAnswer
from .transport import BoundedTransport, ReplyTooLong
from .usage import token_count

log = logging.getLogger(__name__)

_MOST_TRIES = 4
_FIRST_WAIT_S, _LONGEST_WAIT_S = 1.0, 60.0
# After so many questions in a row without an answer, no more are sent.
_PATIENCE = 3
_BUSY = frozenset({408, 409, 429})
_NEVER = frozenset({401, 403, 404})
_LOOKS_LIKE_A_KEY = re.compile(r"\b(?:sk|key|pk|rk)-[\w*.-]{6,}")
_MESSAGES: dict[str, type[BaseMessage]] = {
    "system": SystemMessage, "user": HumanMessage, "assistant": AIMessage,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Access:
    """Where a model is and how it may be used. Prices are for a million tokens, None if unknown.

    One try takes no longer than `timeout_s`, one question with all its tries and the waits between
    them no longer than `deadline_s`.
    """

    model: str
    url: str | None
    key: str | None = field(repr=False)
    timeout_s: float = 120.0
    deadline_s: float = 300.0
    requests_per_minute: float | None = None
    input_price: float | None = None
    output_price: float | None = None


@dataclass(frozen=True, slots=True)
class Clock:
    """The time and how to wait, as values, so that a test need not wait."""

    now: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep


class ChatEndpoint:
    """A model behind an OpenAI-compatible endpoint, local or not."""

    def __init__(self, access: Access, clock: Clock = Clock()) -> None:
        self._access = access
        self._clock = clock
        self._lock = threading.Lock()
        self._next_at = 0.0
        self._unanswered = 0
        # Whether the endpoint takes a schema; where it doesn't, the prompt's example has to do.
        self._takes_form = True

    @property
    def name(self) -> str:
        return self._access.model

    def ask(self, question: Question) -> Answer:
        """Return the model's answer.

        Raises:
            NoAnswer: busy, too slow, broken or too long, even after several tries.
            LanguageModelError: nothing listens there, or the key or the model's name is wrong.
        """
        if self._unanswered >= _PATIENCE:
            raise NoAnswer(f"not asked: {_PATIENCE} questions in a row got no answer")
        try:
            answer = self._tried(question)
        except NoAnswer:
            with self._lock:
                self._unanswered += 1
            raise
        with self._lock:
            self._unanswered = 0
        return answer

    def _tried(self, question: Question) -> Answer:
        """Return the answer of the first try that has one, all of them within one deadline."""
        self._keep_the_rate()
        wait_s, deadline_s = _FIRST_WAIT_S, self._access.deadline_s
        ends = self._clock.now() + deadline_s
        for tries in range(1, _MOST_TRIES + 1):
            began = self._clock.now()
            try:
                raw = self._sent(question, ends)
                return self._answer(question, raw, self._clock.now() - began)
            except openai.APIStatusError as error:
                self._raise_if_permanent(error)
                why = f"the endpoint says {error.status_code}"
                asked_s = _retry_after(error.response.headers.get("retry-after"))
                if asked_s is not None and asked_s > _LONGEST_WAIT_S:
                    raise NoAnswer(f"{why} and asks to wait for {asked_s:.0f} s") from None
            except openai.APITimeoutError:
                within_s = min(self._access.timeout_s, deadline_s)
                why, asked_s = f"no answer within {within_s:g} s", None
            except openai.APIConnectionError as error:
                why, asked_s = self._broken(error), None
            if tries < _MOST_TRIES:
                log.info("%s: %s; trying again", question.about, why)
                pause_s = wait_s if asked_s is None else asked_s
                if self._clock.now() + pause_s >= ends:
                    raise NoAnswer(f"{why}; no more tries within {deadline_s:g} s")
                self._clock.sleep(pause_s)
                ends += self._keep_the_rate()  # a wait that the writer asks for
                wait_s *= 2
        raise NoAnswer(f"{why}, {_MOST_TRIES} times")

    def _keep_the_rate(self) -> float:
        """Wait until one more request is within the writer's rate; return for how many seconds."""
        if self._access.requests_per_minute is None:
            return 0.0
        with self._lock:
            now = self._clock.now()
            at = max(now, self._next_at)
            self._next_at = at + 60.0 / self._access.requests_per_minute
        if at > now:
            self._clock.sleep(at - now)
        return at - now

    def _sent(self, question: Question, ends: float) -> Answer:
        """Return what comes back for a question, as far as it is a chat completion.

        A try takes no longer than is left until `ends`, on the endpoint's clock.
        """
        messages = [_message(turn) for turn in question.turns]
        left_s = min(self._access.timeout_s, ends - self._clock.now())
        if left_s <= 0:
            raise NoAnswer(f"no answer within {self._access.deadline_s:g} s")
        chat = self._chat.bind(timeout=left_s, **self._form(question))
        try:
            with tracing_context(enabled=False):  # a story is sent where the writer says, only
                return _read(chat.invoke(messages))
        except openai.LengthFinishReasonError as error:
            return _cut_off(error)
        except openai.ContentFilterFinishReasonError:
            return Answer(text="", refusal="stopped by a content filter", finish="refusal")
        except openai.APIError as error:
            if self._takes_form and _refuses_form(error):
                log.warning("%s takes no JSON schema; it is asked without one", self._where)
                self._takes_form = False
                return self._sent(question, ends)
            if isinstance(error, (openai.APIStatusError, openai.APIConnectionError)):
                raise
            raise NoAnswer(f"the reply cannot be read: {type(error).__name__}") from None
        except (
            ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError,
        ) as error:  # fmt: skip
            raise NoAnswer(f"the reply is no chat completion: {type(error).__name__}") from None

    def _form(self, question: Question) -> dict[str, Any]:
        if not self._takes_form:
            return {}
        schema = {"name": question.form_name, "schema": question.form, "strict": True}
        return {"response_format": {"type": "json_schema", "json_schema": schema}}

    @cached_property
    def _chat(self) -> ChatOpenAI:
        access = self._access
        return ChatOpenAI(
            model=access.model,
            base_url=access.url,
            # A local server asks for none, but the protocol's client does.
            api_key=SecretStr(access.key or "none"),
            timeout=access.timeout_s,
            max_retries=0,
            use_responses_api=False,
            http_client=httpx.Client(
                transport=BoundedTransport(),
                timeout=access.timeout_s,
                follow_redirects=False,
                # A packed reply can be longer than it looks, and no answer is long.
                headers={"accept-encoding": "identity"},
            ),
        )

    def _answer(self, question: Question, raw: Answer, seconds: float) -> Answer:
        access = self._access
        count = token_count(question, raw.text or raw.refusal, raw.tokens_in, raw.tokens_out)
        if count.estimated:
            log.warning("%s: %s counts no tokens that can be believed", question.about, self._where)
        cost = None
        if access.input_price is not None and access.output_price is not None:
            cost = count.tokens_in * access.input_price + count.tokens_out * access.output_price
            cost /= 1e6
        return raw.model_copy(
            update={
                **asdict(count),
                "text": self._clean(raw.text),
                "refusal": self._clean(raw.refusal),
                "seconds": round(seconds, 3),
                "cost": cost,
            }
        )

    def _raise_if_permanent(self, error: openai.APIStatusError) -> None:
        """Raise where trying again will not help: a wrong key, a wrong name, a wrong question."""
        code = error.status_code
        if code in _BUSY or code >= 500:
            return
        said = self._clean(_short(str(error.message)))
        if code in _NEVER:
            what = {
                401: "the key is wrong or missing; set OPENAI_API_KEY",
                403: "the key may not use this model",
                404: f"it has no model {self.name}, or the address lacks its /v1",
            }[code]
            raise LanguageModelError(f"{self._where} refuses ({code}): {what}. It says: {said}")
        raise NoAnswer(f"the endpoint says {code}: {said}")

    def _broken(self, error: openai.APIConnectionError) -> str:
        """Return why a connection broke; where there was none to begin with, stop the work."""
        cause = error.__cause__
        while cause is not None and not isinstance(cause, httpx.RequestError):
            cause = cause.__cause__
        if isinstance(cause, (ReplyTooLong, httpx.DecodingError)):
            raise NoAnswer(str(cause)) from None
        if isinstance(cause, (httpx.ConnectError, httpx.UnsupportedProtocol, httpx.ProxyError)):
            raise LanguageModelError(
                f"nobody answers at {self._where} ({_short(str(cause))}); start the server or "
                "give its address as OPENAI_BASE_URL; without --llm the rules direct"
            ) from None
        return f"the connection broke ({type(cause or error).__name__})"

    @property
    def _where(self) -> str:
        if self._access.url is None:
            return "api.openai.com"
        try:
            found = httpx.URL(self._access.url)
        except httpx.InvalidURL:
            return "the address given"
        return found.host + (f":{found.port}" if found.port else "")

    def _clean(self, text: str) -> str:
        """Return text without the key, which some endpoints send back."""
        if self._access.key:
            text = text.replace(self._access.key, "[key]")
        return _LOOKS_LIKE_A_KEY.sub("[key]", text)


def _message(turn: Turn) -> BaseMessage:
    return _MESSAGES[turn.role](content=turn.text)


def _read(message: BaseMessage) -> Answer:
    if not isinstance(message.content, str):
        raise TypeError("the content of a message is text")
    said = message.additional_kwargs.get("refusal")
    usage = message.usage_metadata if isinstance(message, AIMessage) else None
    finish = message.response_metadata.get("finish_reason")
    return Answer(
        text="" if said else message.content,
        refusal=str(said or ""),
        finish="refusal" if said else finish if finish in ("stop", "length") else "other",
        model=str(message.response_metadata.get("model_name") or ""),
        tokens_in=usage["input_tokens"] if usage else 0,
        tokens_out=usage["output_tokens"] if usage else 0,
    )


def _cut_off(error: openai.LengthFinishReasonError) -> Answer:
    completion = error.completion
    usage = completion.usage
    return Answer(
        text=completion.choices[0].message.content or "",
        finish="length",
        model=completion.model or "",
        tokens_in=usage.prompt_tokens if usage else 0,
        tokens_out=usage.completion_tokens if usage else 0,
    )


def _refuses_form(error: openai.APIError) -> bool:
    return isinstance(error, openai.APIStatusError) and error.status_code in (400, 415, 422, 501)


def _retry_after(header: str | None) -> float | None:
    """Return the seconds that a `retry-after` header asks for, in numbers or as a date."""
    if not header:
        return None
    try:
        return max(0.0, float(header))
    except ValueError:
        pass  # then it is a date, or nothing
    try:
        return max(0.0, parsedate_to_datetime(header).timestamp() - time.time())
    except ValueError:
        return None


def _short(text: str, most: int = 200) -> str:
    plain = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return plain if len(plain) <= most else plain[:most] + " ..."
