package fix

import (
	"fmt"
	"slices"
)

// userDefined is where the tags begin that two sides may agree on outside the dictionary.
const userDefined = 5000

// Reader walks through a message's fields for the generated code. It passes over
// user-defined tags.
type Reader struct {
	fields Message
	seen   []int // tags of the message or group entry that is being read
}

func (r *Reader) skip() {
	for len(r.fields) > 0 && r.fields[0].Tag >= userDefined {
		r.fields = r.fields[1:]
	}
}

// Tag is the next field's tag, or 0 at the end.
func (r *Reader) Tag() int {
	if len(r.fields) == 0 {
		return 0
	}
	return r.fields[0].Tag
}

// next gives the next value, which may come once in a message or entry.
func (r *Reader) next() (string, error) {
	field := r.fields[0]
	if slices.Contains(r.seen, field.Tag) {
		return "", fmt.Errorf("tag %d appears more than once", field.Tag)
	}
	r.seen = append(r.seen, field.Tag)
	r.fields = r.fields[1:]
	r.skip()
	return field.Value, nil
}

func (r *Reader) check(required []int) error {
	for _, tag := range required {
		if !slices.Contains(r.seen, tag) {
			return fmt.Errorf("required tag %d is missing", tag)
		}
	}
	return nil
}

// taker is a generated struct: Take reads the next field if it is one of its own.
type taker[T any] interface {
	*T
	Take(*Reader) (bool, error)
}

// Decode reads a whole message into its generated type.
func Decode[T any, P taker[T]](m Message, required ...int) (*T, error) {
	r := &Reader{fields: m, seen: make([]int, 0, 32)}
	r.skip()
	read := new(T)
	for r.Tag() != 0 {
		tag := r.Tag()
		known, err := P(read).Take(r)
		if err != nil {
			return nil, fmt.Errorf("message %q: %w", m.Type(), err)
		}
		if !known {
			return nil, fmt.Errorf("message %q: tag %d does not belong here", m.Type(), tag)
		}
	}
	if err := r.check(required); err != nil {
		return nil, fmt.Errorf("message %q: %w", m.Type(), err)
	}
	return read, nil
}

// Take reads one required field.
func Take[T any](r *Reader, kind Kind[T], into *T) (bool, error) {
	tag := r.Tag()
	text, err := r.next()
	if err != nil {
		return true, err
	}
	*into, err = kind.Parse(text)
	if err != nil {
		return true, fmt.Errorf("tag %d: %w", tag, err)
	}
	return true, nil
}

// TakeOptional reads one optional field: absent is nil.
func TakeOptional[T any](r *Reader, kind Kind[T], into **T) (bool, error) {
	*into = new(T)
	return Take(r, kind, *into)
}

// region group

// TakeGroup reads the count, then that many entries; each begins with the tag `first`.
func TakeGroup[T any, P taker[T]](
	r *Reader, into *[]T, first int, required ...int,
) (bool, error) {
	count := 0
	countTag := r.Tag()
	if _, err := Take(r, Int, &count); err != nil {
		return true, err
	}
	outer := r.seen
	defer func() { r.seen = outer }()
	for r.Tag() == first {
		var entry T
		r.seen = outer[len(outer):]
		if err := takeEntry(r, P(&entry), first); err != nil {
			return true, err
		}
		if err := r.check(required); err != nil {
			return true, fmt.Errorf("group %d: %w", countTag, err)
		}
		*into = append(*into, entry)
	}
	if len(*into) != count {
		return true, fmt.Errorf(
			"group %d announces %d entries and holds %d", countTag, count, len(*into))
	}
	return true, nil
}

// endregion group

func takeEntry(r *Reader, entry interface{ Take(*Reader) (bool, error) }, first int) error {
	for begun := false; !begun || r.Tag() != first; begun = true {
		if known, err := entry.Take(r); !known || err != nil {
			return err
		}
	}
	return nil
}
