/* Friends that several stories share: @use "cast/forest.story" brings them all. */

@character FOX: a red fox with a white-tipped tail
@character OWL: a purple owl, older than the trees
@character BEAR: a brown bear, slow and kind
@character RABBIT: a white rabbit who is always early

@location OLD OAK: a forest at night, where the oldest tree stands
