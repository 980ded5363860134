package loader

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

func TestSpreadDoesEachItemOnce(t *testing.T) {
	for _, n := range []int{0, 1, fewItems, 1000} {
		done := make([]int, n)
		if err := spread(n, func(i int) error { done[i]++; return nil }); err != nil {
			t.Fatal(err)
		}
		for i, times := range done {
			if times != 1 {
				t.Errorf("item %d of %d is done %d times", i, n, times)
			}
		}
	}
}

func TestSpreadGivesTheFirstError(t *testing.T) {
	err := spread(1000, func(i int) error {
		if i%300 == 299 {
			return fmt.Errorf("item %d", i)
		}
		return nil
	})
	if err == nil || err.Error() != "item 299" {
		t.Errorf("the error is %v, want that of item 299", err)
	}
}

// Whatever processor an item is done on, its panic is one of the caller.
func TestSpreadHandsPanicsToTheCaller(t *testing.T) {
	defer func() {
		if caught, ok := recover().(string); !ok || !strings.HasPrefix(caught, "broken") {
			t.Errorf("the panic is %.40q", caught)
		}
	}()
	if err := spread(1000, func(int) error { panic(errors.New("broken")) }); err != nil {
		t.Error(err)
	}
	t.Error("spread goes on after a panic")
}
