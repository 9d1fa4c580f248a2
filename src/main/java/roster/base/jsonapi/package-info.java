/// The grammar of the contract: documents in and out, resources, paging, errors.
package roster.base.jsonapi;
