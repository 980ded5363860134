package guard

import (
	"errors"
	"strings"
	"unicode/utf8"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/lexer"
	"github.com/vektah/gqlparser/v2/parser"

	"coopgraph/graph/scalar"
)

// read counts the tokens of a document before it is parsed. The parser has a token
// limit too, but its errors carry no code, and it gives up on deep nesting first.
// What is no token at all is left to the parser to report.
func read(query string, limits Limits) *gqlerror.Error {
	if strings.IndexByte(query, 0) >= 0 {
		return refuse(CodeBadUserInput, nil, "the document holds the character U+0000")
	}
	lex := lexer.New(&ast.Source{Input: query})
	var characters []rune // of the query, once they are needed
	tokens := 0
	for token, more := next(&lex); more; token, more = next(&lex) {
		tokens++
		switch {
		case tokens > limits.Tokens:
			return refuse(CodeDocumentTooLarge, nil, "the document has more than %d tokens", limits.Tokens)
		case token.Kind == lexer.Name && len(token.Value) > limits.Name:
			return refuse(CodeDocumentTooLarge, &token.Pos, "a name is longer than %d characters", limits.Name)
		case token.Kind == lexer.String && strings.ContainsRune(token.Value, utf8.RuneError):
			// The lexer has replaced what is looked for, so the token is looked up in the text;
			// its positions count characters.
			if characters == nil {
				characters = []rune(query)
			}
			start, end := max(token.Pos.Start, 0), min(token.Pos.End, len(characters))
			if start < end && scalar.LoneSurrogate(string(characters[start:end])) {
				return refuse(CodeBadUserInput, &token.Pos, "a string holds half a surrogate pair")
			}
		}
	}
	return nil
}

// next reads a token, and returns false at the end and at what is no token.
func next(lex *lexer.Lexer) (lexer.Token, bool) {
	token, err := lex.ReadToken()
	return token, err == nil && token.Kind != lexer.EOF
}

// parse reads a document within the limits.
func parse(query string, limits Limits) (*ast.QueryDocument, *gqlerror.Error) {
	if err := read(query, limits); err != nil {
		return nil, err
	}
	doc, err := parser.ParseQueryWithTokenLimit(&ast.Source{Input: query}, limits.Tokens+1)
	if err != nil {
		return nil, parseError(err)
	}
	if len(doc.Operations) == 0 {
		return nil, refuse(CodeValidationFailed, nil, "the document holds no operation")
	}
	return doc, nil
}

// parseError keeps the parser's message, which may repeat a token of any length.
func parseError(err error) *gqlerror.Error {
	failed := refuse(CodeParseFailed, nil, "the document cannot be parsed")
	if located, ok := errors.AsType[*gqlerror.Error](err); ok {
		failed.Message = Clip(located.Message, MaxEcho+fixedText)
		failed.Locations = located.Locations
	}
	return failed
}
