package loader

import (
	"fmt"
	"runtime"
	"runtime/debug"
	"sync"
	"sync/atomic"
)

// fewItems is the number of items that one goroutine does at a time.
const fewItems = 32

// spread does n items, which must not depend on each other, on all processors.
// It gives the error of the first item that has one. A panic of any ends in one
// of the caller, who may outlive it: in a goroutine of its own it would end the
// program.
func spread(n int, do func(i int) error) error {
	errs := make([]error, n)
	var next atomic.Int64
	var caught atomic.Value
	work := func() {
		defer func() {
			if p := recover(); p != nil {
				caught.Store(fmt.Sprintf("%v\n%s", p, debug.Stack()))
			}
		}()
		for {
			from := int(next.Add(fewItems)) - fewItems
			if from >= n {
				return
			}
			for i := from; i < min(from+fewItems, n); i++ {
				errs[i] = do(i)
			}
		}
	}
	var running sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), n/fewItems) {
		running.Go(work)
	}
	work()
	running.Wait()
	if p := caught.Load(); p != nil {
		panic(p)
	}
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
