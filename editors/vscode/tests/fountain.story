// SYNTAX TEST "text.story" "all of Fountain"
Title: One Night
// <----- keyword.other.title.story
//     ^^^^^^^^^ string.unquoted.title.story
EXT. FROZEN RIVER - DAY #2A#
// <---- keyword.control.scene.story
//   ^^^^^^^^^^^^ entity.name.section.story
//                      ^^^^ constant.numeric.scene.story
OLD FOX (V.O.)
// <------- entity.name.type.character.cue.story
//      ^^^^^^ storage.modifier.extension.story
@McCLANE
// <-------- entity.name.type.character.cue.story
(quietly)
// <--------- markup.italic.parenthetical.story
A *quiet* and **loud** night. [[not yet]]
//^^^^^^^ markup.italic.story
//            ^^^^^^^^ markup.bold.story
//                            ^^^^^^^^^^^ comment.block.note.story
> CUT TO:
// <--------- keyword.control.transition.story
> THE END <
// <----------- markup.other.centered.story
# Act one
// <--------- markup.heading.section.story
= The fox wakes.
// <---------------- comment.line.synopsis.story
~ Row, row
// <---------- markup.italic.lyric.story
/* a boneyard */
// <---------------- comment.block.story
