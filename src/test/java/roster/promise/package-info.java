/// Tests of the promises in `docs/promises.md`, and tests that cross all rooms.
package roster.promise;
