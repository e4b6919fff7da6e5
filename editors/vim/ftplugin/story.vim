" Screenplays are prose: lines wrap at words, comments are those of the language.
if exists('b:did_ftplugin')
  finish
endif
let b:did_ftplugin = 1

setlocal commentstring=//\ %s
setlocal comments=s1:/*,mb:*,ex:*/,://
setlocal wrap linebreak
setlocal iskeyword+=-
let b:undo_ftplugin = 'setlocal commentstring< comments< wrap< linebreak< iskeyword<'
