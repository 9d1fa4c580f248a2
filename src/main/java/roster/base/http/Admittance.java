package roster.base.http;

import roster.model.Caller;

/// Admits the caller of a request once more.
public interface Admittance {
    Admittance NONE = new Admittance() {
        @Override
        public void bodyArrived() { // anyone may send it
        }

        @Override
        public Caller still() {
            throw new IllegalStateException("No caller was admitted yet");
        }

        @Override
        public Caller another() {
            return still();
        }
    };

    /// Runs once the body has arrived, which a client can delay; what it throws, [Request#body()] throws. Does not run for a
    /// request without a body.
    void bodyArrived();

    /// Admits them for the rest of the same request.
    ///
    /// @throws roster.model.Refused if they lost their access meanwhile
    Caller still();

    /// Admits them for one more request, as [Request#another()] has it.
    ///
    /// @throws roster.model.Refused as [#still()] does, and beyond the limit of requests
    Caller another();
}
