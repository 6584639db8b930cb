package main

import "testing"

func TestWaitsGrowAndSpread(t *testing.T) {
	for attempt, limit := range map[int]int{1: 2, 2: 4, 3: 8, 4: 16, 5: 16} {
		seen := map[int]bool{}
		for range 2000 {
			n := wait(attempt)
			if n < 1 || n > limit {
				t.Fatalf("attempt %d waits %d steps", attempt, n)
			}
			seen[n] = true
		}
		if len(seen) != limit {
			t.Errorf("attempt %d uses %d of %d waits", attempt, len(seen), limit)
		}
	}
}
