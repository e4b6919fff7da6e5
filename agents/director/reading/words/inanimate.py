"""Nouns of things by category: whatever is written in capitals, none of these is somebody.

A lexical table and no stop list: what belongs to a category belongs here, whether a script has
been seen to shout it or not. A cast, a cue, an age or a description still makes somebody of it.
"""

from __future__ import annotations

_CATEGORIES: dict[str, str] = {
    "vehicles": "jeep limo limousine corvette cadillac mustang porsche ferrari mercedes bmw "
    "chevy chevrolet ford toyota honda volvo buick pontiac sedan coupe convertible hatchback "
    "minivan pickup rig semi tractor trailer camper motorhome caravan hearse tanker bulldozer "
    "forklift crane digger moped scooter segway skateboard skates sleigh sledge stagecoach "
    "carriage buggy chariot rickshaw tram streetcar trolley subway monorail locomotive freight "
    "caboose yacht sailboat rowboat speedboat canoe kayak raft dinghy ferry freighter steamer "
    "submarine houseboat gondola barge tugboat chopper jet airliner glider blimp zeppelin rocket "
    "spaceship spacecraft shuttle satellite ufo drone hovercraft cruiser squad-car patrol-car "
    "fire-engine convoy motorcade traffic gridlock fender bumper hood windshield dashboard "
    "steering-wheel tyre tyres hubcap",
    "garments": "pocket pockets lapel lapels cuff sleeve sleeves underpants underwear panties "
    "boxers briefs bra lingerie stocking stockings tights sock socks trousers pants jeans shorts "
    "skirt kilt gown robe nightgown pajamas pyjamas sweater jumper cardigan hoodie sweatshirt "
    "t-shirt blouse vest waistcoat tuxedo tie bowtie belt suspenders scarf shawl cape cloak "
    "poncho raincoat overcoat parka anorak mittens cap beret bonnet helmet fedora turban wig "
    "toupee veil slipper slippers sandals sneakers trainers heels uniform apron overalls "
    "coveralls swimsuit bikini wetsuit armor armour spacesuit handbag backpack duffel duffle "
    "rucksack knapsack satchel wristwatch earring earrings crown tiara badge medal",
    "tools": "cord cords ropes "
    "hammer nail screw screwdriver wrench spanner pliers drill saw chainsaw hatchet "
    "spade shovel rake hoe pitchfork scythe sickle crowbar ladder bolt hook pulley winch vise "
    "anvil bellows broom mop sponge brush paintbrush scissors razor needle thread pen pencil "
    "marker chalk ruler stapler clipboard toolbox toolkit compass telescope binoculars "
    "microscope magnifying-glass thermometer stethoscope scalpel bandage crutch crutches "
    "wheelchair stretcher gurney plunger hose sprinkler bucket trowel plow plough lawnmower "
    "mower blowtorch",
    "weapons": "blaster shotgun machine-gun handgun automatic carbine musket cannon tank "
    "missile warhead "
    "torpedo grenade landmine dynamite explosives detonator fuse silencer holster ammo "
    "ammunition shell shells dagger machete bayonet spear lance javelin harpoon club mace whip "
    "bow arrow arrows crossbow catapult slingshot taser handcuffs cuffs noose guillotine",
    "appliances": "fridge refrigerator freezer toaster blender mixer microwave dishwasher washer "
    "dryer iron vacuum vacuum-cleaner fan heater radiator furnace boiler thermostat "
    "air-conditioner jukebox stereo turntable walkman headphones earphones loudspeaker amplifier "
    "synthesizer laptop keyboard printer copier scanner fax router server modem tablet ipad "
    "iphone pager beeper walkie-talkie payphone switchboard typewriter calculator projector "
    "camcorder webcam pinball slot-machine vending-machine cash-register lightbulb bulb "
    "spotlight searchlight floodlight strobe chandelier sconce neon generator battery batteries "
    "plug socket cable wire wires switch lever dial gauge meter alarm-clock grandfather-clock "
    "intercom doorbell buzzer",
    "furniture": "armchair stool bench pew throne settee loveseat recliner hammock crib cradle "
    "bunk mattress duvet quilt sheet sheets wardrobe closet cupboard dresser bureau bookcase "
    "shelf shelves sideboard nightstand footstool ottoman rug carpet mat tapestry drape drapes "
    "blinds shutter shutters screen-door headboard bathtub tub shower sink toilet faucet tap "
    "urinal podium lectern altar pulpit counter bar pool-table billboard banner placard "
    "noticeboard",
    "food": "bread toast sandwich burger hamburger hot-dog pizza pasta spaghetti noodles rice "
    "soup stew salad egg eggs bacon sausage ham steak cheese butter jam honey cake pie cookie "
    "cookies biscuit doughnut donut candy chocolate ice-cream popcorn peanut peanuts apple "
    "orange banana lemon tomato potato onion carrot pumpkin melon watermelon cherry strawberry "
    "grapes coffee tea milk juice beer wine whiskey vodka champagne soda ketchup mustard salt "
    "pepper sugar meal feast",
    "places": "airport station platform terminal runway hangar harbor harbour dock pier "
    "lighthouse highway freeway motorway intersection crossroads tunnel sidewalk pavement "
    "driveway parking-lot garage barn stable shed cabin cottage mansion castle palace church "
    "cathedral chapel temple mosque cemetery graveyard hospital clinic ward school classroom "
    "library museum theater theatre cinema stadium arena court courtroom courthouse prison jail "
    "cell bank store shop supermarket mall restaurant diner cafe pub saloon casino hotel motel "
    "lobby penthouse attic basement cellar bathroom bedroom living-room dining-room balcony "
    "porch terrace patio roof rooftop fence gate doorway threshold playground park zoo farm "
    "ranch orchard vineyard desert canyon valley cliff cave swamp jungle island shore coast "
    "horizon skyline world planet earth galaxy universe",
    "materials": "oil gasoline petrol gas diesel paint glue tar mud sand gravel dirt clay cement "
    "concrete brick bricks wood lumber timber plank planks metal steel iron copper gold silver "
    "glass plastic rubber leather cotton silk wool paper cardboard foam foil tape debris rubble "
    "shrapnel splinter splinters shard shards ashes soot slime goo gunk puddle pool drop drops",
    "nature": "grass weed weeds bush bushes shrub branch branches twig log stump root roots vine "
    "seed seeds petal petals thorn cactus palm-tree pine oak boulder pebble avalanche landslide "
    "earthquake volcano lava tornado hurricane tsunami blizzard hail speck icicle snowball "
    "snowflake "
    "raindrop raindrops rainbow breeze gust gale tide current waterfall stream creek pond spring "
    "sunrise sunset sunlight moonlight dawn dusk twilight comet meteor asteroid",
    "signs": "logo emblem label tag sticker stamp receipt bill invoice check cheque passport "
    "visa id license licence certificate diploma form questionnaire memo telegram postcard diary "
    "journal notebook ledger manuscript script page pages chapter headline article column advert "
    "ad flyer leaflet brochure pamphlet menu recipe schedule timetable calendar chart graph "
    "diagram blueprint plan plans list scoreboard display readout countdown number numbers word "
    "words scan message text email website icon cursor password code codes barcode fingerprint "
    "footprint footprints x-ray negative snapshot polaroid footage film reel video tape tapes cd "
    "dvd record",
    "happenings": "blur flash glimpse explosion blast beam laser feedback impact collision "
    "accident fight chaos "
    "commotion ruckus uproar panic applause riot stampede rampage eruption fireworks spark "
    "sparks burst shower wave surge flood leak crack hole pit gap slit scar wound bruise "
    "stain smear "
    "trail shape outline reflection image vision hallucination dream nightmare memory thought "
    "idea",
    "parts": "nose mouth chin cheek cheeks forehead brow eyebrow eyebrows eyelid eyelids eyelash "
    "neck throat shoulder shoulders elbow elbows wrist wrists palm palms knuckle knuckles thumb "
    "thumbs chest breast breasts belly stomach waist hip hips back spine thigh thighs knee knees "
    "calf ankle ankles heel toe toes skin beard mustache moustache tooth teeth tongue lip jaw "
    "fang fangs claw claws horn horns hoof hooves wing wings beak feather feathers tentacle "
    "tentacles",
}
INANIMATE = frozenset(
    noun.replace("-", "") for nouns in _CATEGORIES.values() for noun in nouns.split()
) | frozenset(noun for nouns in _CATEGORIES.values() for noun in nouns.split())
PLACES = frozenset(_CATEGORIES["places"].split())
