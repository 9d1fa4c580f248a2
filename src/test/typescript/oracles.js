// What two implementations of SCIM, scimmy and scim-patch, make of the filters and patches in a file of JSON. Prints one
// line of JSON for each.
"use strict";
const {readFileSync} = require("fs");
const {scimPatch} = require("scim-patch");

const [, , kind, file] = process.argv;
const {resources, cases} = JSON.parse(readFileSync(file, "utf8"));
// Both fail on an attribute without a value where a part of it is asked for.
const filled = resource => ({name: {}, phoneNumbers: [], ...resource});
const said = {
    // The ids of those that a filter matches.
    async filters() {
        const {default: SCIMMY} = await import("scimmy");
        const all = resources.map(filled);
        return cases.map(filter => new SCIMMY.Types.Filter(filter).match(all).map(resource => resource.id));
    },
    // The resource after each request of a history, or null where the request is refused.
    async patches() {
        let resource = resources[0];
        return cases.map(operations => {
            try {
                resource = operations.reduce((before, operation) => scimPatch(filled(before), [operation],
                    {mutateDocument: false, treatMissingAsAdd: true}), resource);
                return resource;
            } catch (error) {
                if (!error.scimCode && !error.status) {
                    throw error;
                }
                return null;
            }
        });
    },
};
said[kind]().then(lines => lines.forEach(line => console.log(JSON.stringify(line))));
