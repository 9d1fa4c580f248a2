/// The document format of the contract: request and response documents, resources, paging, errors.
package roster.base.jsonapi;
