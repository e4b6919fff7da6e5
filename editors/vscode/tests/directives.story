// SYNTAX TEST "text.story" "directives, blocks, tags"
@character FOX: a small red fox
// <--------- keyword.control.directive.story
//         ^^^ entity.name.type.character.story
//              ^^^^^^^^^^^^^^^ string.unquoted.look.story
@layout FOX { 0s: box (0.1, 20%, 0.4, 0.9); end: at right-third }
//          ^ punctuation.section.block.begin.story
//            ^^ constant.numeric.story
//                ^^^ support.function.box.story
//                          ^^^ constant.numeric.story
//                                          ^^^ constant.language.time.story
@expect motion.FOX >= 0.6, FOX left-of OWL
//      ^^^^^^ support.function.metric.story
//             ^^^ entity.name.type.character.story
//                 ^^ keyword.operator.comparison.story
//                             ^^^^^^^ keyword.operator.relation.story
@replan motion, keep=(layout, camera)
//              ^^^^ variable.parameter.story
//                  ^ keyword.operator.assignment.story
The FOX walks. {FOX, motion=walk, 0s..4s}
//  ^^^ entity.name.type.character.story
//             ^ meta.tag.beat.story punctuation.definition.tag.begin.story
//                   ^^^^^^ meta.tag.beat.story variable.parameter.story
A brace \{ that is prose.
//      ^^ constant.character.escape.story
