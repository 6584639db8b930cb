// A real engine to speak with: QuickFIX (C++) accepts a session and quotes ACME to whoever asks.
// Usage: venue PORT DICTIONARY. It ends when its standard input does.
#include <quickfix/Application.h>
#include <quickfix/Session.h>
#include <quickfix/SessionSettings.h>
#include <quickfix/SocketAcceptor.h>
#include <quickfix/fix44/MarketDataIncrementalRefresh.h>
#include <quickfix/fix44/MarketDataSnapshotFullRefresh.h>

#include <iostream>
#include <sstream>

class Venue : public FIX::NullApplication {
    void fromApp(const FIX::Message& request, const FIX::SessionID& session)
        throw(FIX::FieldNotFound, FIX::IncorrectDataFormat, FIX::IncorrectTagValue, FIX::UnsupportedMessageType) override {
        if (request.getHeader().getField(FIX::FIELD::MsgType) != "V") return;
        if (request.getField(FIX::FIELD::SubscriptionRequestType) != "1") return;
        const std::string id = request.getField(FIX::FIELD::MDReqID);
        snapshot(id, session);
        for (int cent = 1; cent <= 20; ++cent) increment(id, 1 + cent / 100.0, session);
    }

    void snapshot(const std::string& id, const FIX::SessionID& session) {
        FIX44::MarketDataSnapshotFullRefresh message;
        message.setField(FIX::MDReqID(id));
        message.setField(FIX::Symbol("ACME"));
        FIX44::MarketDataSnapshotFullRefresh::NoMDEntries entry;
        entry.set(FIX::MDEntryType('0'));
        entry.set(FIX::MDEntryPx(1));
        message.addGroup(entry);
        FIX::Session::sendToTarget(message, session);
    }

    void increment(const std::string& id, double bid, const FIX::SessionID& session) {
        FIX44::MarketDataIncrementalRefresh message;
        message.setField(FIX::MDReqID(id));
        FIX44::MarketDataIncrementalRefresh::NoMDEntries entry;
        entry.set(FIX::MDUpdateAction('1'));
        entry.set(FIX::MDEntryType('0'));
        entry.set(FIX::Symbol("ACME"));
        entry.set(FIX::MDEntryPx(bid));
        message.addGroup(entry);
        FIX::Session::sendToTarget(message, session);
    }
};

int main(int, char** arguments) {
    std::stringstream text;
    text << "[DEFAULT]\nConnectionType=acceptor\nSocketReuseAddress=Y\nSocketAcceptPort=" << arguments[1]
         << "\nStartTime=00:00:00\nEndTime=00:00:00\nUseDataDictionary=Y\nDataDictionary=" << arguments[2] << "\n"
         << "[SESSION]\nBeginString=FIX.4.4\nSenderCompID=VENUE\nTargetCompID=QUOTED\n";
    FIX::SessionSettings settings(text);
    Venue venue;
    FIX::MemoryStoreFactory store;
    FIX::SocketAcceptor acceptor(venue, store, settings);
    acceptor.start();
    std::cout << "ready" << std::endl;
    std::cin.get();
    acceptor.stop();
}
