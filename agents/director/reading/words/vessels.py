"""What people are in, a ship, a car, an inn: its kinds and parts, and what is done with it.

A name beside one of these is no person's: "the Halcyon cockpit", "the freighter Halcyon", "aboard
the Halcyon". What a person has too is left out: a trunk, a hood, a bow, a house.
"""

from __future__ import annotations

KINDS_OF_VESSELS = frozenset(
    "ship boat plane airplane aeroplane aircraft jet airliner helicopter chopper copter gunship "
    "warship battleship destroyer frigate cruiser carrier submarine sub spaceship spacecraft "
    "starship shuttle spaceplane station lander rover probe satellite drone craft hovercraft "
    "airship zeppelin blimp yacht sloop schooner galleon brig ketch catamaran trawler tug tugboat "
    "ferry steamer steamship paddleboat liner tanker freighter barge car sedan coupe limo "
    "limousine cab taxi van minivan truck bus motorcycle bike tractor tank locomotive train tram "
    "hotel motel inn hostel resort casino restaurant nightclub club cafe diner saloon tavern pub "
    "ballroom theater theatre cinema mall skyscraper planet moon asteroid island".split()
)
PARTS_OF_VESSELS = frozenset(
    "cockpit fuselage hull deck decks airlock hatch bulkhead bulkheads porthole portholes gangway "
    "gangplank wheelhouse galley keel mast rudder prow stern bilge helm engine engines propeller "
    "propellers rotor rotors thruster thrusters afterburner afterburners undercarriage windshield "
    "windscreen dashboard headlight headlights taillight taillights tailpipe bumper fender hubcap "
    "hubcaps chassis tires tyres lobby penthouse atrium foyer parking rooftop corridor corridors "
    "hallway hallways ballroom marquee reception".split()
)
ENCLOSING = frozenset("inside aboard within".split())
BOARDED = frozenset("board pilot refuel moor hijack dock hotwire hot-wire".split())
