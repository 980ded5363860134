package match

// Claimed says that a source itself holds it possible that the two are the same.
const Claimed Code = "CLAIMED"
