" Colours of a .story file: a Fountain screenplay with directives.
if exists('b:current_syntax')
  finish
endif

syntax match storyName "\<\u\{2,}\%([ '-]\u\{2,}\)*\>"
syntax match storyTitle "^\%(Title\|Credit\|Authors\?\|Source\|Notes\|\%(Draft \)\?[Dd]ate\|Revision\|Contact\|Copyright\|Language\|Style\|Negative\|Seed\|Resolution\|FPS\|Strict\):"
syntax match storyHeading "^\s*\%(\c\%(INT\.\?/EXT\|EXT\.\?/INT\|INT\|EXT\|EST\|I/E\|ІНТ\|ИНТ\|НАТ\|ЕКСТ\|ЭКСТ\|ΕΣΩΤ\|ΕΞΩΤ\|ΕΣ\|ΕΞ\)[. ]\|\.\w\).*$"
syntax match storySection "^#.*$"
syntax match storySynopsis "^==\@!.*$"
syntax match storyTransition "^>.*$\|^\u[A-Z ]*TO:\s*$"
syntax match storyLyric "^\~.*$"
syntax match storyParenthetical "^\s*([^)]*)\s*$"
syntax match storyCue "^\s*@\u.*$"
syntax match storyDirective "^\s*@\l[a-z0-9_-]*" nextgroup=storyLook
syntax match storyRelation "\<\%(left-of\|right-of\|above\|below\|overlaps\|inside\|present\|absent\)\>" contained
syntax match storyNumber "\<\d\+\%(\.\d\+\)\?\%(%\|ms\|s\|f\)\?" contained
syntax match storyKey "\<\l[a-z-]*\ze=" contained
syntax region storyString start=+"+ skip=+\\.+ end=+"+ oneline contained
syntax region storyBlock start="{" end="}" contains=storyBlock,storyNumber,storyString,storyKey,storyName,storyRelation
syntax match storyEscape "\\[{}\[\\]"
syntax region storyNote start="\[\[" end="\]\]"
syntax region storyBoneyard start="/\*" end="\*/"
syntax match storyComment "^\s*//.*$"
syntax match storyExpect "^\s*@expect\>.*$" contains=storyDirective,storyNumber,storyName,storyRelation

highlight default link storyName Identifier
highlight default link storyCue Identifier
highlight default link storyTitle Keyword
highlight default link storyHeading Title
highlight default link storySection PreProc
highlight default link storySynopsis Comment
highlight default link storyTransition Statement
highlight default link storyLyric String
highlight default link storyParenthetical Special
highlight default link storyDirective Statement
highlight default link storyRelation Operator
highlight default link storyNumber Number
highlight default link storyKey Type
highlight default link storyString String
highlight default link storyEscape SpecialChar
highlight default link storyNote Comment
highlight default link storyBoneyard Comment
highlight default link storyComment Comment

let b:current_syntax = 'story'
