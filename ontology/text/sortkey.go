package text

// maxSortKey is the greatest length in bytes of either half of a sort key.
const maxSortKey = 120

// SortKey gives a key whose bytewise order is the order of names: by their
// folded words, shorter before longer, then by spelling. That is the primary
// order of Unicode collation, which is one and the same for Dutch, French,
// German (DIN 5007-1) and English; it is computed here because databases
// collate each in its own way, if at all. Other scripts follow Latin ones.
func SortKey(s string) string { return Read(s).SortKey() }
