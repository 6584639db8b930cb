package store

import (
	"context"
	"fmt"
)

// Epochs remembers which epochs a source has used, and by whom.
type Epochs interface {
	// Newest is the last epoch that was claimed and its holder; 0 before the first.
	Newest(ctx context.Context, source string) (uint32, string, error)
	// Claim takes an epoch. False: somebody else was first.
	Claim(ctx context.Context, source string, epoch uint32, holder string) (bool, error)
}

const attempts = 5

// region next
// NextEpoch claims the epoch after the newest. The holder's name is of this start
// alone. After an error we look before we ask again: the claim may have been applied.
func NextEpoch(
	ctx context.Context, epochs Epochs, source, holder string,
) (uint32, error) {
	var failed error
	for range attempts {
		newest, whose, err := epochs.Newest(ctx, source)
		if err != nil {
			return 0, err
		}
		if whose == holder {
			return newest, nil
		}
		var ours bool
		ours, failed = epochs.Claim(ctx, source, newest+1, holder)
		if ours && failed == nil {
			return newest + 1, nil
		}
	}
	return 0, fmt.Errorf("no epoch in %d attempts: %w", attempts, failed)
}

// endregion next
