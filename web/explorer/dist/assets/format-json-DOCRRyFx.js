import{a as e,i as t}from"./index-B_SuP4Rx.js";async function n(n){return t(n,e(n,void 0,{insertSpaces:!0,tabSize:2,eol:`
`}))}var r={},i={};export{n as format,i as parsers,r as printers};