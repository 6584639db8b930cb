// The worker that tells absent members: from the queue `notify` to a push service over HTTP.
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"math/rand/v2"
	"net/http"
	"os"
	"time"

	amqp "github.com/rabbitmq/amqp091-go"
)

const (
	attempts = 5
	waits    = 16
)

func main() {
	if len(os.Args) > 1 && os.Args[1] == "-verdict" {
		body, _ := io.ReadAll(os.Stdin)
		_, err := Parse(body)
		fmt.Println(err == nil)
		return
	}
	for failures := 0; ; failures++ {
		err := work(os.Getenv("AMQP_URL"), os.Getenv("PUSH_URL"), func() { failures = 0 })
		log.Printf("notify: %v", err)
		time.Sleep(rand.N(min(10*time.Second, 500*time.Millisecond<<min(failures, 5))))
	}
}

// region work
func work(url, push string, ready func()) error {
	connection, err := amqp.DialConfig(url, amqp.Config{Heartbeat: 4 * time.Second})
	if err != nil {
		return err
	}
	defer connection.Close()
	channel, err := connection.Channel()
	if err != nil {
		return err
	}
	if err := channel.Confirm(false); err != nil {
		return err
	}
	if err := channel.Qos(20, 0, false); err != nil {
		return err
	}
	deliveries, err := channel.Consume("notify", "", false, false, false, false, nil)
	if err != nil {
		return err
	}
	ready()
	for delivery := range deliveries {
		if err := handle(channel, push, delivery); err != nil {
			return err
		}
	}
	return fmt.Errorf("the connection ended")
}

// endregion work

// region handle
// handle settles one delivery: done, dead, or later. Never requeued at once.
func handle(channel *amqp.Channel, push string, delivery amqp.Delivery) error {
	event, err := Parse(delivery.Body)
	if err != nil {
		return delivery.Nack(false, false) // poison: no repetition mends it
	}
	switch status := post(push, event); {
	case status >= 200 && status < 300:
		return delivery.Ack(false)
	case status >= 400 && status < 500 && status != 429:
		return delivery.Nack(false, false)
	case attempt(delivery) >= attempts:
		return delivery.Nack(false, false)
	default:
		return later(channel, delivery)
	}
}

// later publishes a copy to a waiting queue, and acknowledges once that is confirmed.
func later(channel *amqp.Channel, delivery amqp.Delivery) error {
	n := attempt(delivery)
	key := fmt.Sprintf("notify.wait.%d", wait(n))
	copied := amqp.Publishing{
		ContentType: delivery.ContentType, DeliveryMode: amqp.Persistent,
		Type: delivery.Type, MessageId: delivery.MessageId, Body: delivery.Body,
		Headers: amqp.Table{"x-attempt": int32(n + 1)},
	}
	confirmed, err := channel.PublishWithDeferredConfirm("retry", key, true, false, copied)
	if err != nil {
		return err
	}
	if !confirmed.Wait() {
		return fmt.Errorf("the broker did not take %s", key)
	}
	return delivery.Ack(false)
}

// endregion handle

// wait is full jitter: any number of steps up to a limit that doubles each time.
func wait(attempt int) int {
	return 1 + rand.IntN(min(waits, 1<<attempt))
}

func attempt(delivery amqp.Delivery) int {
	if n, ok := delivery.Headers["x-attempt"].(int32); ok {
		return int(n)
	}
	return 1
}

// post answers with the status, or 0 where there was none.
func post(url string, event Stored) int {
	body, err := json.Marshal(map[string]any{"id": *event.ID, "room": *event.Room, "from": *event.Sender})
	if err != nil {
		return 400
	}
	within, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	request, err := http.NewRequestWithContext(within, http.MethodPost, url, bytes.NewReader(body))
	if err != nil {
		return 400
	}
	request.Header.Set("Idempotency-Key", *event.ID)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return 0
	}
	defer response.Body.Close()
	io.Copy(io.Discard, response.Body)
	return response.StatusCode
}
