"""Names of makes, networks and bodies -> that they are nobody, though a beast or a doctor is in
them: the FOX of "NBC, FOX", a Dodge Ram, a can of Dr. Pepper.
"""

from __future__ import annotations

# What a titled name is a brand of: "Dr. Pepper", "Mr. Clean".
TITLED_BRANDS = frozenset(
    "pepper scholl scholls martens marten bronner seuss strangelove zhivago coffee clean bubble "
    "peanut potato whippy muscle kipling pibb butterworth butterworths fields pac-man pacman "
    "universe olympia doubtfire magoo".split()
)

# Networks that are written in capitals, in a list of which FOX is one more.
NETWORKS = frozenset(
    "abc nbc cbs hbo cnn pbs bbc itv espn mtv upn wb tnt tbs cnbc msnbc npr".split()
)

# Makers -> what they make that is called after a beast: no ram is a Dodge.
_MADE = {
    "dodge": "ram viper lynx hornet", "ford": "mustang bronco falcon cobra pinto puma cougar lynx",
    "chevy": "impala", "chevrolet": "impala stingray", "mercury": "cougar lynx bobcat",
    "plymouth": "barracuda", "pontiac": "firebird thunderbird", "vw": "beetle bug rabbit fox",
    "volkswagen": "beetle bug rabbit fox", "buick": "skylark wildcat", "amc": "hornet eagle",
    "shelby": "cobra", "hudson": "hornet", "studebaker": "lark hawk", "sunbeam": "tiger",
    "fiat": "panda", "stutz": "bearcat", "triumph": "stag tiger", "desert": "eagle eagles",
    "colt": "python anaconda cobra", "ruger": "blackhawk redhawk", "black": "hawk hawks",
    "bell": "cobra", "apache": "longbow", "atlanta": "hawks", "chicago": "bulls bears",
    "green": "hornet", "red": "bull", "wild": "turkey", "grey": "goose", "gray": "goose",
    "nerf": "blaster", "hello": "kitty", "hush": "puppies", "moon": "bear", "golden": "calf",
    "famous": "grouse", "puss": "moth", "tiger": "moth", "gypsy": "moth", "sea": "stallion king",
    "detroit": "tigers lions", "miami": "dolphins", "philadelphia": "eagles",
    "st.": "bernard", "snow": "angel angels", "space": "monkey", "beanie": "baby babies",
    "cabbage": "patch", "ninja": "turtle turtles", "teddy": "bear bears", "gummi": "bear bears",
    "gummy": "bear bears worm worms", "mickey": "mouse", "minnie": "mouse", "donald": "duck",
    "daffy": "duck", "rubber": "ducky duck ducks duckie", "bugs": "bunny", "easter": "bunny",
    "energizer": "bunny", "peter": "rabbit",
    "brer": "rabbit", "bre'r": "rabbit", "br'er": "rabbit", "trojan": "horse",
}  # fmt: skip
MADE = frozenset((maker, beast) for maker, beasts in _MADE.items() for beast in beasts.split())
# Makers of what a page then calls by the make alone: "the Ram lurches".
CAR_MAKERS = frozenset(
    "dodge ford chevy chevrolet mercury plymouth pontiac vw volkswagen buick amc shelby hudson "
    "studebaker sunbeam fiat stutz triumph desert colt".split()
)

# Makers who are nobody's name.
SURE_MAKERS = frozenset(
    "ford chevy chevrolet dodge toyota honda nissan mazda subaru mitsubishi lexus acura hyundai "
    "jeep gmc chrysler volkswagen vw mercedes bmw audi porsche cadillac buick pontiac plymouth "
    "oldsmobile volvo saab fiat peugeot renault citroen lotus lamborghini maserati suzuki yamaha "
    "kawasaki".split()
)

# Cars by the name that drivers have for them.
CARS = frozenset(
    "vette corvette caddy caddies chevy benz beemer beamer bimmer jag merc rolls stang camaro "
    "porsche ferrari lambo lamborghini maserati bentley caddie vw volvo honda toyota datsun nissan "
    "buick pontiac plymouth chevrolet cadillac oldsmobile winnebago harley ducati vespa cessna "
    "learjet boeing huey chinook".split()
)
# Teams who are spoken of, and play where no page films them.
TEAMS = frozenset(
    "red sox,white sox,yankees,mets,dodgers,phillies,orioles,astros,padres,expos,marlins,lakers,"
    "celtics,knicks,pistons,sixers,clippers,mavericks,broncos,steelers,bengals,redskins,packers,"
    "niners,seahawks,bruins,canadiens,maple leafs,red wings,blackhawks,oilers,canucks".split(",")
)
