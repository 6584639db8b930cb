// A real engine to speak with: QuickFIX (C++) accepts a session, checks its password, and quotes ACME.
// Usage: venue PORT DICTIONARY, or `-` for no dictionary. It ends when its standard input does.
#include "Application.h"
#include "Group.h"
#include "Session.h"
#include "SessionSettings.h"
#include "SocketAcceptor.h"

#include <iostream>
#include <sstream>
#include <string>

namespace tag = FIX::FIELD;

class Venue : public FIX::NullApplication {
    void fromAdmin(const FIX::Message& message, const FIX::SessionID&) override {
        if (message.getHeader().getField(tag::MsgType) != "A") return;
        const bool known = message.isSetField(tag::Password) && message.getField(tag::Username) == "quoted"
            && message.getField(tag::Password) == "open sesame";
        if (!known) throw FIX::RejectLogon("wrong password");
    }

    void fromApp(const FIX::Message& request, const FIX::SessionID& session) override {
        if (request.getHeader().getField(tag::MsgType) != "V") return;
        if (request.getField(tag::SubscriptionRequestType) != "1") return;
        const std::string id = request.getField(tag::MDReqID);
        snapshot(id, session);
        for (int cent = 1; cent <= 20; ++cent) increment(id, 100 + cent, session);
    }

    // A snapshot names its symbol before the group; an increment names it in each entry.
    void snapshot(const std::string& id, const FIX::SessionID& session) {
        FIX::Message message = headed("W", id);
        message.setField(tag::Symbol, "ACME");
        message.addGroup(entry("", 100));
        FIX::Session::sendToTarget(message, session);
    }

    void increment(const std::string& id, int cents, const FIX::SessionID& session) {
        FIX::Message message = headed("X", id);
        message.addGroup(entry("1", cents));
        FIX::Session::sendToTarget(message, session);
    }

    static FIX::Message headed(const char* type, const std::string& id) {
        FIX::Message message;
        message.getHeader().setField(tag::BeginString, "FIX.4.4");
        message.getHeader().setField(tag::MsgType, type);
        message.setField(tag::MDReqID, id);
        return message;
    }

    // A bid of so many cents. Fields go out in the dictionary's order, each entry begun by its first.
    static FIX::Group entry(const std::string& action, int cents) {
        const int first = action.empty() ? tag::MDEntryType : tag::MDUpdateAction;
        const int order[] = {tag::MDUpdateAction, tag::MDEntryType, tag::Symbol, tag::MDEntryPx, tag::MDEntrySize, 0};
        FIX::Group bid(tag::NoMDEntries, first, action.empty() ? order + 1 : order);
        if (!action.empty()) {
            bid.setField(tag::MDUpdateAction, action);
            bid.setField(tag::Symbol, "ACME");
        }
        const std::string text = std::to_string(cents);
        bid.setField(tag::MDEntryType, "0");
        bid.setField(tag::MDEntryPx, text.substr(0, 1) + "." + text.substr(1));
        bid.setField(tag::MDEntrySize, "300");
        return bid;
    }
};

int main(int, char** arguments) {
    const std::string dictionary = arguments[2];
    std::stringstream text;
    text << "[DEFAULT]\nConnectionType=acceptor\nSocketReuseAddress=Y\nSocketAcceptPort=" << arguments[1]
         << "\nStartTime=00:00:00\nEndTime=00:00:00\n";
    if (dictionary == "-") text << "UseDataDictionary=N\n";
    else text << "UseDataDictionary=Y\nDataDictionary=" << dictionary << "\n";
    text << "[SESSION]\nBeginString=FIX.4.4\nSenderCompID=VENUE\nTargetCompID=QUOTED\n";
    FIX::SessionSettings settings(text);
    Venue venue;
    FIX::MemoryStoreFactory store;
    FIX::SocketAcceptor acceptor(venue, store, settings);
    acceptor.start();
    std::cout << "ready" << std::endl;
    std::cin.get();
    acceptor.stop();
}
