import{a as e,i as t}from"./index-CWR-b5I3.js";async function n(n){return t(n,e(n,void 0,{insertSpaces:!0,tabSize:2,eol:`
`}))}var r={},i={};export{n as format,i as parsers,r as printers};