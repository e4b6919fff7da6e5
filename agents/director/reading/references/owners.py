"""Mentions in a sentence -> those that only say whose kin or whose thing something is."""

from __future__ import annotations

from ..sentences import Sentence
from ..words.acts import BODY, KIN

# What is of a body, what it wears and what it does: it shows whose it is.
_OWN_PARTS = BODY | frozenset(
    "hand hands finger fingers arm arms foot feet leg legs head hair mouth lips ear ears tail paw "
    "paws wing wings body bodies skeleton skeletons reflection silhouette shadow fist knee knees "
    "tear tears smile voice "
    "coat hat dress shirt scarf tie shoe shoes boot boots ring glasses beard side "
    "throat waist hip hips thigh thighs stomach belly breast breasts forehead temple temples brow "
    "eyebrow eyebrows eye eyelids nostrils tongue teeth chin cheeks wrist wrists ankle ankles "
    "elbow elbows thumb thumbs palm palms fists lap ribs torso skin scalp toe toes heel heels "
    "faces visage features expression gaze stare grin frown scowl smirk grimace "
    "grip grasp clutch clutches embrace touch posture stance gait stride breathing coughing "
    "trembling shaking shivering wound wounds "
    "jacket sweater blouse skirt pants trousers jeans collar sleeve sleeves cuff cuffs lapel "
    "lapels belt pocket pockets cap helmet glove gloves robe gown apron cape cloak hood mask vest "
    "uniform stocking stockings sock socks veil necklace bracelet earring earrings".split()
)


def owners(sentence: Sentence) -> frozenset[int]:
    """Return the mentions that only own: "MAE's mother", "checks WILL's files"."""
    found = set()
    for at, word in enumerate(sentence):
        after = sentence[at + 1 : at + 4]
        if not word.possessive or not after:
            continue
        kin = any(w.is_mention or w.text in KIN for w in after[:2])
        if kin or not any(w.text in _OWN_PARTS for w in after):
            found.add(at)
    return frozenset(found)
