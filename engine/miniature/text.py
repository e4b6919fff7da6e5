"""Sentences of the world -> a SentencePiece tokenizer and a T5 encoder that knows its words.

The encoder is trained on sentences alone, those with held-out words among them: a real T5 knows
words that were never filmed. It learns to fill in pieces that are masked, and to say who does what
where; a linear probe on the frozen encoder then shows what its embeddings hold. As stock CogVideoX
does, every sentence is padded to `TOKENS` and the padding is attended to.
"""

from __future__ import annotations

import io
import random
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from transformers import T5Config, T5EncoderModel, T5Tokenizer

from .captions import caption, random_scene, region_texts
from .world import CHARACTERS, COLOURS, MOTIONS, PLACES, WorldScene

TOKENS = 32  # L, to which every text is padded
WIDTH = 128
_PIECES = 128
_MASKED = 0.15
_BATCH, _RATE = 64, 3e-3
_SPACE = "\N{LOWER ONE EIGHTH BLOCK}"  # before a word, as SentencePiece writes it
_LETTERS = "abcdefghijklmnopqrstuvwxyz,.'-"

CONFIG = T5Config(
    vocab_size=_PIECES, d_model=WIDTH, d_kv=32, d_ff=256, num_layers=3, num_heads=4,
    dropout_rate=0.0, feed_forward_proj="gated-gelu", pad_token_id=0, eos_token_id=1,
    decoder_start_token_id=0,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sentence:
    """A text, and what it says of up to two figures in its own order, and of the place.

    `labels`: character, colour, motion and side of the first, then of the second, then the place;
    the last class of each means that it is not said.
    """

    text: str
    labels: tuple[int, ...]


CLASSES = (*(len(CHARACTERS) + 1, len(COLOURS) + 1, len(MOTIONS) + 1, 3) * 2, len(PLACES) + 1)
_SIDES = ("left", "right")


def random_sentence(chance: random.Random) -> Sentence:
    """Return a caption, or the text of a region or of a background, of anything in the world."""
    scene = random_scene(chance, chance.choice((1, 2, 2)), held_out=True)
    if chance.random() < 0.2:
        texts = region_texts(scene, chance)
        at = chance.randrange(len(texts))
        place = scene.place if at == len(scene.figures) else None
        shown = scene.figures[at : at + 1]
        return Sentence(texts[at], _labels(WorldScene(scene.place, shown), place, []))
    sides = chance.random() < 0.5 and len(scene.figures) == 2
    state = chance.getstate()
    text = caption(scene, sides=sides, chance=chance)
    order = sorted(scene.figures, key=lambda f: text.index(f"{f.colour} {f.character}"))
    chance.setstate(state)
    chance.random()
    found = [_SIDES[order[0].x > order[1].x], _SIDES[order[1].x > order[0].x]] if sides else []
    return Sentence(text, _labels(WorldScene(scene.place, tuple(order)), scene.place, found))


def _labels(scene: WorldScene, place: str | None, sides: Sequence[str]) -> tuple[int, ...]:
    found: list[int] = []
    for row in range(2):
        if row < len(scene.figures):
            one = scene.figures[row]
            found += [
                CHARACTERS.index(one.character), COLOURS.index(one.colour),
                MOTIONS.index(one.motion), _SIDES.index(sides[row]) if sides else 2,
            ]  # fmt: skip
        else:
            found += [len(CHARACTERS), len(COLOURS), len(MOTIONS), 2]
    return (*found, len(PLACES) if place is None else PLACES.index(place))


def train_tokenizer(folder: Path, seed: int = 0, sentences: int = 20_000) -> None:
    """Write a unigram SentencePiece model of the world's words to `folder`, as T5's are."""
    import sentencepiece

    chance, model = random.Random(seed), io.BytesIO()
    lines = [random_sentence(chance).text for _ in range(sentences)]
    words = Counter(word for line in lines for word in line.replace(",", " ").split())
    letters = Counter(dict.fromkeys(_LETTERS, 1))
    letters.update("".join(lines).replace(" ", _SPACE))
    with TemporaryDirectory() as scratch:
        # Of words that are unlike each other SentencePiece finds no whole one by itself.
        seeds = [*((_SPACE + word, words[word]) for word in words), *letters.items()]
        given = Path(scratch) / "pieces.tsv"
        given.write_text("".join(f"{piece}\t{count}\n" for piece, count in seeds))
        sentencepiece.SentencePieceTrainer.train(
            sentence_iterator=iter(lines), model_writer=model, model_type="unigram",
            vocab_size=_PIECES, hard_vocab_limit=False, seed_sentencepieces_file=str(given),
            pad_id=0, eos_id=1, unk_id=2, bos_id=-1, character_coverage=1.0, minloglevel=2,
            required_chars=_LETTERS, num_threads=1,
        )  # fmt: skip
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "spiece.model").write_bytes(model.getvalue())


def load_tokenizer(folder: Path) -> T5Tokenizer:
    """Return the tokenizer of a folder."""
    return T5Tokenizer.from_pretrained(folder, extra_ids=0, local_files_only=True)


def token_ids(tokenizer: T5Tokenizer, texts: Sequence[str]) -> Tensor:
    """Return texts as [B, L] int64, padded."""
    return tokenizer(
        list(texts), padding="max_length", max_length=TOKENS, truncation=True, return_tensors="pt"
    ).input_ids


class Reader(nn.Module):
    """A T5 encoder with the two heads that it is trained by."""

    def __init__(self) -> None:
        super().__init__()
        self.encoder = T5EncoderModel(CONFIG)
        _lean(self.encoder)
        self.pieces = nn.Linear(WIDTH, _PIECES)
        self.attributes = nn.Linear(WIDTH, sum(CLASSES))

    def forward(self, ids: Tensor) -> tuple[Tensor, Tensor]:
        """Return logits of the pieces [B, L, V], and of all attributes from the mean [B, K]."""
        states = self.encoder(ids)[0]
        return self.pieces(states), self.attributes(states.mean(1))


def _lean(encoder: T5EncoderModel) -> None:
    """Let heads begin by looking back, ahead, near and everywhere.

    Who is named first must be told from who is named second, which heads that look everywhere alike
    are slow to find out.
    """
    bias = encoder.encoder.block[0].layer[0].SelfAttention.relative_attention_bias.weight
    ahead = CONFIG.relative_attention_num_buckets // 2  # buckets of distances ahead begin here
    with torch.no_grad():
        bias[ahead:, 0] = -4
        bias[1:ahead, 1] = -4
        bias[3:ahead, 2] = -4
        bias[ahead + 3 :, 2] = -4


def attribute_loss(logits: Tensor, labels: Tensor) -> Tensor:
    """Return the mean cross entropy of all attributes: logits [B, K], labels [B, A]."""
    parts = logits.split(CLASSES, dim=1)
    return torch.stack([F.cross_entropy(p, labels[:, k]) for k, p in enumerate(parts)]).mean()


def right_rate(logits: Tensor, labels: Tensor) -> float:
    """Return the share of attributes that are read right."""
    parts = logits.split(CLASSES, dim=1)
    hits = [(p.argmax(1) == labels[:, k]).float().mean() for k, p in enumerate(parts)]
    return float(torch.stack(hits).mean())


def train_text(folder: Path, *, seed: int, minutes: float, log: Callable[[str], None]) -> float:
    """Train tokenizer and encoder into `folder`; return what a linear probe reads right."""
    train_tokenizer(folder / "tokenizer", seed)
    tokenizer = load_tokenizer(folder / "tokenizer")
    torch.manual_seed(seed)
    chance, reader = random.Random(seed + 1), Reader()
    optimizer = torch.optim.AdamW(reader.parameters(), lr=_RATE, weight_decay=0.01)
    started, step = time.process_time(), 0
    while (done := (time.process_time() - started) / (60 * minutes)) < 1:
        batch = [random_sentence(chance) for _ in range(_BATCH)]
        ids = token_ids(tokenizer, [one.text for one in batch])
        labels = torch.tensor([one.labels for one in batch])
        # Half of the sentences are whole, and say who does what; of the others pieces are hidden.
        hidden = (torch.rand(ids.shape) < _MASKED) & (ids > 1)
        hidden[: _BATCH // 2] = False
        pieces, attributes = reader(ids.masked_fill(hidden, 2))
        told = attribute_loss(attributes[: _BATCH // 2], labels[: _BATCH // 2])
        loss = told + 0.3 * F.cross_entropy(pieces[hidden], ids[hidden])
        for group in optimizer.param_groups:
            group["lr"] = _RATE * min(1, (step + 1) / 50, 2 * (1 - done))
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(reader.parameters(), 1.0)
        optimizer.step()
        step += 1
        if step % 50 == 0:
            log(f"text step {step} loss {loss.item():.3f}, of attributes {told.item():.3f}")
    reader.encoder.eval().requires_grad_(False)
    reader.encoder.save_pretrained(folder / "text_encoder")
    return probe(tokenizer, reader.encoder, seed=seed + 2, log=log)


def probe(
    tokenizer: T5Tokenizer, encoder: T5EncoderModel, *, seed: int, log: Callable[[str], None]
) -> float:
    """Return the share of attributes that a new linear layer reads from the frozen encoder."""
    chance = random.Random(seed)
    head = nn.Linear(WIDTH, sum(CLASSES))

    def drawn(count: int) -> tuple[Tensor, Tensor]:
        batch = [random_sentence(chance) for _ in range(count)]
        with torch.no_grad():
            states = encoder(token_ids(tokenizer, [one.text for one in batch]))[0].mean(1)
        return states, torch.tensor([one.labels for one in batch])

    states, labels = drawn(4096)
    optimizer = torch.optim.LBFGS(head.parameters(), max_iter=200, line_search_fn="strong_wolfe")

    def closure() -> Tensor:
        optimizer.zero_grad()
        loss = attribute_loss(head(states), labels)
        loss.backward()
        return loss

    optimizer.step(closure)
    with torch.no_grad():
        fresh, truth = drawn(2048)
        rate = right_rate(head(fresh), truth)
    log(f"text probe reads {rate:.4f} of the attributes of unseen sentences")
    return rate


@torch.no_grad()
def embed(tokenizer: T5Tokenizer, encoder: T5EncoderModel, texts: Sequence[str]) -> Tensor:
    """Return texts [B, L, W] fp32 as the stock pipeline embeds them."""
    return encoder(token_ids(tokenizer, texts))[0]
